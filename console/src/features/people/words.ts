/** Of a list that was typed with commas. */
export const wordsOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

/** Owners that were typed and that nobody here reads yet: new ones, or mistyped. */
export const unknownOwners = (typed: readonly string[], known: readonly string[]): string[] =>
  typed.filter((owner) => owner !== '*' && !known.includes(owner));

/** With the word where it was missing, without it where it stood. */
export const toggled = (words: readonly string[], word: string): string[] =>
  words.includes(word) ? words.filter((each) => each !== word) : [...words, word];
