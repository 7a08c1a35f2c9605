/** Builds what the pages load into public/assets. wrangler.toml runs it before each build, vitest.config.ts before the tests. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, URL } from 'node:url'
import { buildSync, transformSync } from 'esbuild'
import { COLOURS, ICONS } from '../../src/web/theme.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const to = path('../../public/assets/')
mkdirSync(to, { recursive: true })

/** Leaves a file alone that is the same already: somebody may be reading it. */
function write(file: string, content: string | Uint8Array): void {
  const bytes = Buffer.from(content)
  if (!existsSync(to + file) || !readFileSync(to + file).equals(bytes)) writeFileSync(to + file, bytes)
}

const variables = (colours: Record<string, string>) =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}:${value};`)
    .join('')

const corners =
  'polygon(var(--c) 0,calc(100% - var(--c)) 0,100% var(--c),100% calc(100% - var(--c)),calc(100% - var(--c)) 100%,var(--c) 100%,0 calc(100% - var(--c)),0 var(--c))'

/** Where the stars of the sky are, and how large: a tile that repeats. */
const STARS = [
  [18, 40, 2],
  [70, 130, 3],
  [122, 22, 2],
  [160, 210, 2],
  [214, 96, 3],
  [250, 170, 2],
  [296, 30, 2],
  [318, 236, 3],
  [44, 262, 2],
  [190, 290, 2],
]
const sky = STARS.map(([x, y, size]) => `M${x} ${y}h${size}v${size}h-${size}z`).join('')
const stars = `url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='340' height='310'%3E%3Cpath d='${sky}'/%3E%3C/svg%3E")`

const styles = `
:root{${variables(COLOURS.dark)}--c:6px;color-scheme:dark}
@media(prefers-color-scheme:light){:root:not([data-theme=dark]){${variables(COLOURS.light)}color-scheme:light}}
:root[data-theme=light]{${variables(COLOURS.light)}color-scheme:light}
*,::before{--cut:${corners}}
:root{--stars:${stars}}
${readFileSync(path('./site.css'), 'utf8')}`

write('site.css', transformSync(styles, { loader: 'css', minify: true }).code)

for (const island of ['site', 'builder', 'console']) {
  const entry = path(`./islands/${island}.ts`)
  if (!existsSync(entry)) continue
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
  })
  write(`${island}.js`, outputFiles[0]?.contents ?? new Uint8Array())
}

const pixels = (ICONS.shieldXp ?? '').trim().split('\n')
const squares = pixels.flatMap((row, y) =>
  [...row].flatMap((pixel, x) => (pixel === '#' ? [`M${x} ${y}h1v1h-1z`] : [])),
)
write(
  'icon.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 16 16" shape-rendering="crispEdges"><path fill="${COLOURS.dark.night}" d="M-2-2h16v16H-2z"/><path fill="${COLOURS.dark.gold}" d="${squares.join('')}"/></svg>`,
)

const font = path('../../node_modules/@fontsource/jersey-10/')
write('jersey-10.woff2', readFileSync(`${font}files/jersey-10-latin-400-normal.woff2`))
copyFileSync(`${font}LICENSE`, `${to}jersey-10-license.txt`)
