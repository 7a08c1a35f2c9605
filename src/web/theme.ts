/** The look in one place: names and icons of stats, colours, and the words of the home page. */
import type { StatName } from '../stats/catalog.ts'

/** What people read in place of a stat's name. A stat without a label shows its own name. */
export const LABELS: Partial<Record<StatName, string>> = {
  meleeAtkXp: 'Melee',
  magicAtkXp: 'Magic',
  rangeAtkXp: 'Range',
  healthXp: 'Health',
  shieldXp: 'Shield',
  evasionXp: 'Evasion',
  sizeXp: 'Size',
  blockXp: 'Block',
  resistXp: 'Resist',
  speedXp: 'Speed',
}

/** Colours of the pages, dark and light. `npm run build:web` writes them into the style sheet. */
export const COLOURS = {
  dark: {
    night: '#14161f',
    plate: '#1d2030',
    raised: '#272b3f',
    line: '#3d4460',
    edge: '#6f7896',
    ink: '#f2f0e8',
    soft: '#a9b0c6',
    gold: '#f5b93d',
    fill: '#f5b93d',
    'on-gold': '#241803',
    good: '#6fd3a0',
    bad: '#ff8a7a',
  },
  light: {
    night: '#f4efe3',
    plate: '#fffaf0',
    raised: '#ebe3d0',
    line: '#d3c8ae',
    edge: '#857a61',
    ink: '#221c12',
    soft: '#5e5543',
    gold: '#8a5a00',
    fill: '#d99a1c',
    'on-gold': '#241803',
    good: '#1d6b45',
    bad: '#a8271b',
  },
} as const

/** Shown where `SITE_NAME` and `SITE_TEXT` are empty. */
export const DEFAULT_NAME = 'Statkeep'
export const DEFAULT_TEXT =
  'Every level, every rank, every player. Look somebody up, see who leads, and share what you have earned.'

/** Icons of twelve by twelve pixels, for the pages and the preview image alike. */
export const ICONS: Record<string, string> = {
  meleeAtkXp: `
..........##
.........###
........###.
.......###..
......###...
.#...###....
.##.###.....
..####......
...##.......
..####......
.##..##.....
##..........`,
  magicAtkXp: `
.......#....
..#...###.#.
.......#....
.....#...#..
....###.###.
...###...#..
..###.......
.###....#...
###....###..
##......#...
............
............`,
  rangeAtkXp: `
......######
.......#####
........####
.......##.##
......##...#
.....##.....
.#..##......
.####.......
.###........
.####.......
#####.......
............`,
  healthXp: `
............
..##....##..
.####..####.
############
############
############
.##########.
..########..
...######...
....####....
.....##.....
............`,
  shieldXp: `
############
##........##
##.##..##.##
##.######.##
##.##..##.##
##.##..##.##
##.######.##
.##.####.##.
..##.##.##..
...##..##...
....####....
.....##.....`,
  evasionXp: `
............
.....####...
........##..
########....
............
###########.
............
########....
........##..
.....####...
............
............`,
  sizeXp: `
#####..#####
###......###
####....####
#..#....#..#
#..........#
............
............
#..........#
#..#....#..#
####....####
###......###
#####..#####`,
  blockXp: `
#####.######
#####.######
#####.######
............
##.######.##
##.######.##
##.######.##
............
#####.######
#####.######
#####.######
............`,
  resistXp: `
......#.....
.....##.....
....###..#..
...####..##.
..#####.###.
.##########.
.##########.
.####.#####.
.###...####.
.###...###..
..###.###...
....####....`,
  speedXp: `
.......####.
......####..
.....####...
....####....
...########.
..########..
......###...
.....###....
....###.....
...##.......
..##........
.#..........`,
  other: `
.....##.....
....####....
....####....
...######...
############
.##########.
..########..
..########..
..########..
.####..####.
.##......##.
............`,
}
