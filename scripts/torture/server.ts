/** The faulty Worker in a process of its own, which can be killed. Prints its URL when it listens. */
import { startWorker } from '../worker.ts'
import { BUILT, VARS } from './service.ts'

const [, , state, port, faults = '{}'] = process.argv
const { url } = await startWorker(
  state as string,
  { ...VARS, FAULTS: faults },
  { built: BUILT, port: Number(port), quiet: true },
)
console.log(url)
