/** A picture of few colours, painted in large pixels and written as a PNG with a palette (W3C PNG, third edition). */
import { GLYPHS } from './pixel-font.ts'

const GLYPH_ROWS = 13

export class Canvas {
  readonly width: number
  readonly height: number
  readonly #pixels: Uint8Array

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
    this.#pixels = new Uint8Array(width * height)
  }

  rect(x: number, y: number, width: number, height: number, colour: number): void {
    const [left, right] = [Math.max(0, x), Math.min(this.width, x + width)]
    if (left >= right) return
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++)
      this.#pixels.fill(colour, row * this.width + left, row * this.width + right)
  }

  /** A plate with cut corners and an edge of one pixel. */
  plate(x: number, y: number, width: number, height: number, cut: number, fill: number, edge: number): void {
    for (let row = 0; row < height; row++) {
      const inset = Math.max(0, cut - Math.min(row, height - 1 - row))
      const isRim = row === 0 || row === height - 1
      this.rect(x + inset, y + row, width - 2 * inset, 1, edge)
      if (!isRim) this.rect(x + inset + 1, y + row, width - 2 * inset - 2, 1, fill)
    }
  }

  /** Its top left is at x, y. @returns the width that it took. */
  text(text: string, x: number, y: number, colour: number, scale = 1): number {
    let pen = x
    for (const glyph of glyphsOf(text)) {
      for (let row = 0; row < GLYPH_ROWS; row++) {
        const bits = Number.parseInt(glyph.slice(1 + row * 3, 4 + row * 3), 16)
        for (let column = 0; column < 12; column++)
          if (bits & (1 << column)) this.rect(pen + column * scale, y + row * scale, scale, scale, colour)
      }
      pen += Number.parseInt(glyph.slice(0, 1), 16) * scale
    }
    return pen - x
  }

  /** The picture with each pixel `zoom` wide and high. */
  async png(palette: string[], zoom: number): Promise<Uint8Array<ArrayBuffer>> {
    const [width, height] = [this.width * zoom, this.height * zoom]
    const stride = Math.ceil(width / 2)
    const raw = new Uint8Array((stride + 1) * height)
    for (let y = 0; y < this.height; y++) {
      const start = y * zoom * (stride + 1)
      for (let x = 0; x < width; x += 2) {
        const [left, right] = [Math.floor(x / zoom), Math.min(this.width - 1, Math.floor((x + 1) / zoom))]
        const row = y * this.width
        raw[start + 1 + x / 2] = ((this.#pixels[row + left] as number) << 4) | (this.#pixels[row + right] as number)
      }
      // The rows of the same large pixels are "as above": filter 2, and nothing else.
      for (let copy = 1; copy < zoom; copy++) raw[start + copy * (stride + 1)] = 2
    }
    const header = new Uint8Array(13)
    const view = new DataView(header.buffer)
    view.setUint32(0, width)
    view.setUint32(4, height)
    header.set([4, 3, 0, 0, 0], 8)
    const colours = Uint8Array.from(palette.flatMap((colour) => hexBytes(colour)))
    const parts = [
      chunk('IHDR', header),
      chunk('PLTE', colours),
      chunk('IDAT', await deflate(raw)),
      chunk('IEND', new Uint8Array()),
    ]
    return concat([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...parts])
  }
}

export const textWidth = (text: string, scale = 1): number =>
  glyphsOf(text).reduce((sum, glyph) => sum + Number.parseInt(glyph.slice(0, 1), 16) * scale, 0)

/** A character that the font lacks becomes a question mark. */
const glyphsOf = (text: string): string[] =>
  Array.from(text, (character) => GLYPHS[character.charCodeAt(0) - 32] ?? (GLYPHS[31] as string))

const hexBytes = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))

function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(
    Array.from(type, (letter) => letter.charCodeAt(0)),
    4,
  )
  bytes.set(data, 8)
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)))
  return bytes
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
