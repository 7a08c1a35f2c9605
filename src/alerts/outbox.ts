/** The front door for stores of other rooms, which insert an event in the batch that causes it. */
export type { EventName } from './events.ts'
export { noteEvents } from './outbox.store.ts'
