/**
 * Starts a script of this folder: `node scripts/run.mjs dev`. Where it cannot run yet, one line says what to do.
 * Plain JavaScript, because it has to run before `npm ci`, on a Node that knows no TypeScript.
 */
import { existsSync } from 'node:fs'

const [name] = process.argv.splice(2, 1)

if (!existsSync(new URL('../node_modules/wrangler', import.meta.url))) {
  stop(`The packages are not installed yet. Run: npm ci && npm run ${name}`)
} else if (!process.features.typescript) {
  stop(`Node ${process.versions.node} is too old for this. Use npm run ${name} after npm ci, which brings Node 24.`)
} else {
  await import(new URL(`${name}.ts`, import.meta.url).href).catch((error) => {
    // As after a pull that brought a new dependency.
    if (!/^Cannot find package/.test(error.message)) throw error
    stop(`${error.message.replace(/ imported from.*/s, '')}: the packages are out of date. Run: npm ci`)
  })
}

/** @param {string} message */
function stop(message) {
  console.error(message)
  process.exitCode = 1
}
