/** A file that cannot be imported at all, as against a row that can be mended or skipped. Shown as one line. */
export class BadFile extends Error {}
