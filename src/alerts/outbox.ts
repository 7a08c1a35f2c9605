/** For the stores of other rooms: they insert an event in the batch that causes it. */
export type { EventName } from './events.ts'
export { noteEvents } from './outbox.store.ts'
