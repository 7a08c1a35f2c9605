/** The front door for stores of other rooms that act by a key's right: they check it in the statement that acts. */
export { isActiveKey, isUnexpired } from './active-key.store.ts'
