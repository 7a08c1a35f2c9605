/** `npm run costs`: writes docs/costs.md from the budgets and the assumptions. */
import { writeFileSync } from 'node:fs'
import { describeCosts } from '../bench/costs.ts'

const PAGE = 'docs/costs.md'

const text = describeCosts()
writeFileSync(PAGE, text)
console.log(`${text}\nWritten to ${PAGE}.`)
