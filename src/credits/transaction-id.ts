/** A transaction's public id says where its row is, so that the ledger needs no index and a spend no third row. */

export type TransactionKey = { userId: number; at: number; txn: string }

export const transactionId = ({ userId, at, txn }: TransactionKey) => `txn_${userId}_${at}_${txn}`

/** @returns undefined for what is no transaction's id. */
export function parseTransactionId(text: string): TransactionKey | undefined {
  const [, userId, at, txn] = /^txn_(\d{1,15})_(\d{1,16})_([\w-]{1,64})$/.exec(text) ?? []
  return userId && at && txn ? { userId: Number(userId), at: Number(at), txn } : undefined
}
