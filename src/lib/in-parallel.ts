/** Work on many things at once, though not on all of them. */

/** Does `work` for each item, at most `most` at a time, in their order. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  most: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items].values()
  const takeTurns = async () => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: most }, takeTurns))
}
