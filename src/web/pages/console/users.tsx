/** `/console/users`: finding somebody. */
import { ConsoleFrame, type ConsoleProps } from './frame.tsx'

export function UsersPage({
  query,
  names,
  more,
  ...frame
}: ConsoleProps & { query: string; names: string[]; more: boolean }) {
  return (
    <ConsoleFrame path="/console/users" title="Users" {...frame}>
      <form class="search find-me" action="/console/users">
        <label for="q">The name begins with</label>
        <div class="field">
          <input id="q" name="q" value={query} maxlength={32} autocapitalize="none" spellcheck={false} />
          <button type="submit">Find</button>
        </div>
      </form>
      {names.length === 0 ? (
        <p>{query === '' ? 'There are no users yet.' : 'Nobody has a name like that.'}</p>
      ) : (
        <ul class="list">
          {names.map((name) => (
            <li>
              <a href={`/console/users/${name}`}>{name}</a>
            </li>
          ))}
        </ul>
      )}
      {more ? <p class="soft">There are more. Type more of the name.</p> : null}
    </ConsoleFrame>
  )
}
