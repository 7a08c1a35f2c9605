/**
 * Every stat, one line each. Adding one needs no migration: only stats that were changed are stored.
 * A name cannot be changed later: it is stored in the database and part of the API.
 */
import { type Curve, quadratic } from './levels.ts'

export type StatRule = {
  min: number
  max: number
  /** A stat at its default is neither stored nor listed, so this must not be changed later. */
  default: number
  /** The most that one call changes it by, up or down, when players write their own stats. */
  maxChange: number
  /** Total XP at which each level begins. */
  curve: Curve
}

const xp: StatRule = { min: 0, max: Number.MAX_SAFE_INTEGER, default: 0, maxChange: 10_000, curve: quadratic(100, 100) }

export const CATALOG = {
  meleeAtkXp: xp,
  magicAtkXp: xp,
  rangeAtkXp: xp,
  healthXp: xp,
  shieldXp: xp,
  evasionXp: xp,
  sizeXp: xp,
  blockXp: xp,
  resistXp: xp,
  speedXp: xp,
} as const satisfies Record<string, StatRule>

export type StatName = keyof typeof CATALOG

export const STAT_NAMES = Object.keys(CATALOG) as StatName[]

export const ruleOf = (stat: StatName): StatRule => CATALOG[stat]

export const isStatName = (text: string): text is StatName => Object.hasOwn(CATALOG, text)

/** `from 0 to 100`, for people. */
export const boundsOf = (stat: StatName) => `from ${CATALOG[stat].min} to ${CATALOG[stat].max}`
