/** Made-up names that people can read aloud, and made-up passwords that nobody guesses. */
import type { Deps } from '../deps.ts'

const ADJECTIVES =
  'Able Amber Ample Aqua Arctic Azure Bold Brave Brief Bright Brisk Calm Candid Civic Clear Clever Coral Cosmic Crisp Daring Deep Eager Early Easy Epic Fair Famous Fancy Fast Fine Firm Fleet Fond Frank Fresh Gentle Giant Glad Gold Grand Green Happy Hardy Hearty Honest Humble Ideal Ivory Jade Jolly Keen Kind Large Light Lively Loud Loyal Lucky Magic Major Merry Mighty Mild Modest Neat Nimble Noble Novel Olive Open Patient Plain Polar Prime Proud Pure Quick Quiet Rapid Rare Ready Royal Ruby Rustic Sage Sharp Silent Silver Sleek Smart Solar Solid Steady Stout Sunny Super Swift Tidal Tidy Tough Trusty Urban Vast Velvet Vivid Warm Wise Witty Young Zesty'.split(
    ' ',
  )
const ANIMALS =
  'Albatross Alpaca Antelope Armadillo Badger Bat Bear Beaver Bison Bobcat Buffalo Camel Caribou Cheetah Cobra Condor Cougar Coyote Crane Cricket Deer Dingo Dolphin Donkey Dragon Eagle Egret Elephant Elk Emu Falcon Ferret Finch Flamingo Fox Frog Gazelle Gecko Gibbon Giraffe Goose Gopher Grouse Hamster Hare Hawk Hedgehog Heron Hippo Hornet Horse Ibex Iguana Impala Jackal Jaguar Kangaroo Koala Lemur Leopard Lion Lizard Llama Lobster Lynx Macaw Magpie Mammoth Marmot Meerkat Mole Mongoose Moose Newt Ocelot Octopus Orca Oryx Osprey Otter Owl Panda Panther Parrot Pelican Penguin Puffin Puma Rabbit Raccoon Raven Rhino Robin Salmon Seal Shark Sparrow Squid Stork Swan Tapir Tiger Toucan Turtle Viper Walrus Weasel Whale Wolf Wombat Yak Zebra'.split(
    ' ',
  )
const NUMBERS = 100_000

/** Crockford's base 32: no letter that reads like a digit. */
const SYMBOLS = '0123456789abcdefghjkmnpqrstvwxyz'

/** Names such as `BraveOtter48213`: over a billion, so that one of a handful is free even among many millions of users. */
export function drawUsernames({ random }: Pick<Deps, 'random'>, count: number): string[] {
  const numbers = new Uint32Array(random(count * 12).buffer)
  const draw = (index: number, below: number) => (numbers[index] as number) % below
  return Array.from({ length: count }, (_, i) => {
    const adjective = ADJECTIVES[draw(3 * i, ADJECTIVES.length)]
    const animal = ANIMALS[draw(3 * i + 1, ANIMALS.length)]
    return `${adjective}${animal}${draw(3 * i + 2, NUMBERS)}`
  })
}

/** 100 random bits: twenty symbols in groups of five. */
export function drawPassword({ random }: Pick<Deps, 'random'>): string {
  const symbols = Array.from(random(20), (byte) => SYMBOLS[byte % SYMBOLS.length]).join('')
  return symbols.replace(/.{5}(?=.)/g, '$&-')
}
