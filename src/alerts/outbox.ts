/** The front door for rooms in which something happens: they note it in the batch that makes it happen. */
export type { EventName } from './events.ts'
export { noteEvents } from './outbox.store.ts'
