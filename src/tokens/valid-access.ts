/** The front door for stores of other rooms that check a user's access in their own statements. */
export { isValidAccess } from './valid-access.store.ts'
