/** The faulty Worker in a process of its own, to be killed. Prints its URL when it is there. */
import { startWorker } from '../worker.ts'
import { BUILT, VARS } from './service.ts'

const [, , state, port] = process.argv
const { url } = await startWorker(state as string, VARS, { built: BUILT, port: Number(port), quiet: true })
console.log(url)
