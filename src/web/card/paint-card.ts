/** What a shared link shows: name, total level, best ranks and ten stats, 1200 by 630. */
import { bestRanks, type Player, type PlayerStat } from '../players.ts'
import type { Site } from '../site.ts'
import { iconRuns, labelOf } from '../stat-names.ts'
import { COLOURS } from '../theme.ts'
import { Canvas, textWidth } from './canvas.ts'

const ZOOM = 3
const [WIDTH, HEIGHT, MARGIN] = [400, 210, 16]

const { night, plate, raised, line, ink, soft, gold } = COLOURS.dark
const PALETTE = [night, plate, raised, line, ink, soft, gold, '#3a2c10', '#2a3047']
const [PLATE, RAISED, LINE, INK, SOFT, GOLD, DEEP, STAR] = [1, 2, 3, 4, 5, 6, 7, 8] as const

/** Plates on the card: two columns of five. */
const MAX_STATS = 10
const [COLUMN, ROW, TOP] = [190, 24, 76]

export function paintCard(player: Player, site: Site): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new Canvas(WIDTH, HEIGHT)
  for (let i = 0; i < 60; i++) canvas.rect((i * 97 + 31) % WIDTH, (i * 61 + 17) % HEIGHT, 1, 1, STAR)

  const total = paintTotal(canvas, player.totalLevel)
  const room = WIDTH - 2 * MARGIN - total - 12
  const scale = [3, 2, 1].find((size) => textWidth(player.username, size) <= room) ?? 1
  canvas.text(clipped(player.username, room, scale), MARGIN, 18 + (3 - scale) * 6, INK, scale)
  const best = bestRanks(player, 2).map(({ rank, stat }) => `#${rank} in ${labelOf(stat)}`)
  canvas.text(best.join(', ') || 'New here', MARGIN, 55, SOFT)

  for (const [i, stat] of player.stats.slice(0, MAX_STATS).entries())
    paintStat(canvas, stat, MARGIN + Math.floor(i / 5) * COLUMN, TOP + (i % 5) * ROW)

  const host = new URL(site.origin).host
  canvas.text(clipped(site.name.toUpperCase(), 180, 1), MARGIN, 197, GOLD)
  canvas.text(host, WIDTH - MARGIN - textWidth(host), 197, SOFT)
  return canvas.png(PALETTE, ZOOM)
}

/** @returns its width. */
function paintTotal(canvas: Canvas, totalLevel: number): number {
  const text = String(totalLevel)
  const width = Math.max(84, textWidth(text, 3) + 24)
  const x = WIDTH - MARGIN - width
  canvas.plate(x, 12, width, 56, 6, DEEP, GOLD)
  canvas.text(text, x + Math.round((width - textWidth(text, 3)) / 2), 18, GOLD, 3)
  const words = 'total level'
  canvas.text(words, x + Math.round((width - textWidth(words)) / 2), 52, INK)
  return width
}

function paintStat(canvas: Canvas, { stat, level, progress }: PlayerStat, x: number, y: number): void {
  const width = 178
  canvas.plate(x, y, width, 20, 3, PLATE, LINE)
  for (const run of iconRuns(stat)) canvas.rect(x + 6 + run.x, y + 4 + run.y, run.length, 1, GOLD)
  canvas.text(clipped(labelOf(stat), 56, 1), x + 24, y + 5, INK)
  for (let segment = 0; segment < 10; segment++) {
    const filled = Math.max(0, Math.min(1, progress * 10 - segment))
    canvas.rect(x + 84 + segment * 6, y + 7, 5, 6, RAISED)
    canvas.rect(x + 84 + segment * 6, y + 7, Math.round(filled * 5), 6, GOLD)
  }
  const text = String(level)
  canvas.text(text, x + width - 7 - textWidth(text), y + 5, INK)
}

function clipped(text: string, width: number, scale: number): string {
  if (textWidth(text, scale) <= width) return text
  let end = text.length
  while (end > 0 && textWidth(`${text.slice(0, end)}...`, scale) > width) end--
  return `${text.slice(0, end)}...`
}
