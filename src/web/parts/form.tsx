/** Fields and forms, alike on every page. */
import type { Child } from 'hono/jsx'
import type { AppError } from '../../errors.ts'
import { FORM_FIELD } from '../forms.ts'

type FormProps = { action: string; token: string; class?: string; hidden?: Record<string, string>; children?: Child }

/** A form with its one-time token. */
export function Form({ action, token, hidden = {}, children, ...rest }: FormProps) {
  return (
    <form method="post" action={action} class={rest.class ?? 'stack'}>
      <input type="hidden" name={FORM_FIELD} value={token} />
      {Object.entries(hidden).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  )
}

type FieldProps = {
  name: string
  label: string
  id?: string
  type?: string
  value?: string | undefined
  hint?: string
  autocomplete?: string
  required?: boolean
  min?: string
  max?: string
  placeholder?: string
  fault?: AppError | undefined
}

export function Field({ name, label, hint, fault, id = name, type = 'text', ...input }: FieldProps) {
  const message = fault?.details.errors?.find(({ path }) => path === name)?.message
  const described = [hint ? `${id}-hint` : '', message ? `${id}-fault` : ''].filter((part) => part !== '').join(' ')
  return (
    <div>
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={message ? 'true' : undefined}
        aria-describedby={described || undefined}
        {...input}
      />
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {message ? (
        <p class="fault small" id={`${id}-fault`}>
          It {message}.
        </p>
      ) : null}
    </div>
  )
}

/** What went wrong, or what was done. */
export function Notice({ fault, done }: { fault?: AppError | undefined; done?: string | undefined }) {
  if (fault) {
    return (
      <div class="note fault" role="alert">
        <p>{sentence(fault)}</p>
      </div>
    )
  }
  return done ? (
    <div class="note" role="status">
      <p>{done}</p>
    </div>
  ) : null
}

function sentence({ details, message }: AppError): string {
  if (!details.errors?.length) return message
  return `Please check: ${details.errors.map(({ path }) => path).join(', ')}.`
}

/** A text to copy, such as a key or a command. */
export function Copyable({ id, text, label }: { id: string; text: string; label: string }) {
  return (
    <div>
      <p class="soft small">{label}</p>
      <pre id={id}>{text}</pre>
      <button type="button" class="quiet" data-copy-from={id} hidden>
        Copy
      </button>
    </div>
  )
}
