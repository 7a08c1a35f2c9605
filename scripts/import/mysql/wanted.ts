/** Which table and columns are wanted, and which of a dump's tables that is. */
import { BadFile } from '../bad-file.ts'
import { shown } from '../plan.ts'
import { type DumpTable, fullName } from './tables.ts'

/** `numbers` are those of the wanted columns in which a hexadecimal or bit literal is a number. */
export type Wanted = { columns: string[]; numbers: string[]; table?: string | undefined }

/** Where each wanted column is in `columns`. Undefined if one is missing. */
export function positionsOf(wanted: Wanted, columns: string[]): number[] | undefined {
  const folded = columns.map((column) => column.toUpperCase())
  const positions = wanted.columns.map((column) => folded.indexOf(column.toUpperCase()))
  return positions.includes(-1) ? undefined : positions
}

/** @throws BadFile if none or several of the tables have the wanted columns, or the table's rows cannot be known. */
export function chooseTable(tables: DumpTable[], wanted: Wanted): DumpTable {
  const name = wanted.table?.toLowerCase()
  const named = tables.filter(
    (table) => name === undefined || name === table.name.toLowerCase() || name === fullName(table).toLowerCase(),
  )
  const complete = named.filter((table) => positionsOf(wanted, table.columns))
  const [table] = complete
  if (!table) {
    const unknown = named.find(({ columns, skipped }) => columns.length === 0 && skipped)
    if (unknown?.skipped) throw new BadFile(unknown.skipped)
    if (tables.length === 0) throw new BadFile('it has no table, or drops each one that it creates')
    const which = wanted.table === undefined ? '' : ` ${shown(wanted.table)}`
    throw new BadFile(
      `it has no table${which} with the columns ${wanted.columns.join(', ')}; it has ${listTables(tables)}: --columns says which is which`,
    )
  }
  if (complete.length > 1)
    throw new BadFile(
      `it has several tables with these columns, ${complete.map(fullName).join(' and ')}: say which one with --table`,
    )
  const fault = table.fault ?? table.skipped
  if (fault) throw new BadFile(fault)
  return table
}

function listTables(tables: DumpTable[]): string {
  const listed = tables
    .slice(0, 10)
    .map((table) => `${fullName(table)} (${table.columns.slice(0, 20).join(', ') || 'columns unknown'})`)
  return listed.join(', ') + (tables.length > 10 ? `, and ${tables.length - 10} more` : '')
}
