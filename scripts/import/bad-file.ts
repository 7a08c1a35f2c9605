/** A file that cannot be imported at all. Shown as one line. A bad row is a finding of the report instead. */
export class BadFile extends Error {}

/** The error for a dump without its end. */
export const cutOff = (why: string) => new BadFile(`the dump is cut off: ${why}`)
