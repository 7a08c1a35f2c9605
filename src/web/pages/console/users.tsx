/** `/console/users`: finding somebody, and who spends most. */
import { number } from '../../parts/shapes.tsx'
import { ConsoleFrame, type ConsoleProps } from './frame.tsx'

/** `spent` is of the credits that are valid now. */
type Spending = { username: string; spent: number }

type UsersProps = ConsoleProps & { query: string; users: Spending[]; more: boolean }

export function UsersPage({ query, users, more, ...frame }: UsersProps) {
  return (
    <ConsoleFrame path="/console/users" title="Users" {...frame}>
      <form class="search find-me" action="/console/users">
        <label for="q">The name begins with, or the whole email, or the number</label>
        <div class="field">
          <input id="q" name="q" value={query} maxlength={120} autocapitalize="none" spellcheck={false} />
          <button type="submit">Find</button>
        </div>
      </form>
      <h2>{query === '' ? 'Who spends most' : 'Found'}</h2>
      {users.length === 0 ? (
        <p>{query === '' ? 'Nobody has spent a credit yet.' : 'Nobody has a name like that.'}</p>
      ) : (
        <Users users={users} />
      )}
      {more ? <p class="soft">There are more. Type more of the name.</p> : null}
    </ConsoleFrame>
  )
}

const Users = ({ users }: { users: Spending[] }) => (
  <table class="narrow">
    <caption>Of the credits that are valid now, top-ups included.</caption>
    <thead>
      <tr>
        <th scope="col">User</th>
        <th scope="col" class="number">
          Credits spent
        </th>
      </tr>
    </thead>
    <tbody>
      {users.map(({ username, spent }) => (
        <tr>
          <th scope="row">
            <a href={`/console/users/${username}`}>{username}</a>
          </th>
          <td class="number">{number(spent)}</td>
        </tr>
      ))}
    </tbody>
  </table>
)
