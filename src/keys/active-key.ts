/** The front door for other rooms' stores: whether a key may act now, as a condition for their own statements. */
export { isActiveKey } from './active-key.store.ts'
