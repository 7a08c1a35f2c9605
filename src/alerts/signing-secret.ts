/** The secrets that sign deliveries. Signing needs them in plain text, so they are stored encrypted under the service's own secret. */
import type { Deps } from '../deps.ts'
import { seal, toBase64, unseal } from '../lib/bytes.ts'
import { listSealedSecrets, updateSealedSecret } from './webhooks.store.ts'

const PURPOSE = 'webhook secrets'

/** `whsec_` and 256 random bits, as the Standard Webhooks specification says. */
export const drawSigningSecret = ({ random }: Pick<Deps, 'random'>) => `whsec_${toBase64(random(32))}`

export const sealSigningSecret = ({ config, random }: Pick<Deps, 'config' | 'random'>, secret: string) =>
  seal(config.tokenSecrets[0] as string, PURPOSE, secret, random(12))

/** Tries the service's secret, then the previous one. @returns undefined when neither encrypted it. */
export async function openSigningSecret({ config }: Pick<Deps, 'config'>, sealed: string): Promise<string | undefined> {
  for (const secret of config.tokenSecrets) {
    const opened = await unseal(secret, PURPOSE, sealed)
    if (opened !== undefined) return opened
  }
  return undefined
}

/** While the service's secret is being rotated: encrypts under the new one what is still under the previous one. */
export async function resealSigningSecrets(deps: Pick<Deps, 'config' | 'random' | 'db'>): Promise<void> {
  const [current, previous] = deps.config.tokenSecrets as [string, string?]
  if (previous === undefined) return
  for (const { id, sealed } of await listSealedSecrets(deps.db)) {
    if ((await unseal(current, PURPOSE, sealed)) !== undefined) continue
    const secret = await unseal(previous, PURPOSE, sealed)
    if (secret !== undefined) await updateSealedSecret(deps.db, id, sealed, await sealSigningSecret(deps, secret))
  }
}
