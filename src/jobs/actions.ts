/** The actions that an operator's job can have. */
import type { Action } from './actions/action.ts'
import { creditsGrant } from './actions/credits-grant.ts'
import { webhookPost } from './actions/webhook-post.ts'

export const ACTIONS = [creditsGrant, webhookPost] as const satisfies readonly Action[]

export const actionNamed = (name: string): Action | undefined => ACTIONS.find((action) => action.name === name)
