/** The front door for other rooms' stores: whether a user's access is still valid, as a condition for their own statements. */
export { isValidAccess } from './valid-access.store.ts'
