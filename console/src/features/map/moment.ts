/** The instants of the slider: quarters of an hour back from the latest sighting. Pure. */
export const kStep = 15 * 60_000;
/** How far playing goes back when it begins at the latest. */
export const kPlayed = 6 * 3_600_000;

/** Steps behind the latest: 0 and less. */
export const stepOf = (at: string | undefined, until: string) =>
  at === undefined ? 0 : Math.min(0, Math.round((Date.parse(at) - Date.parse(until)) / kStep));

/** The latest is no instant: it goes on. */
export const instantOf = (step: number, until: string) =>
  step >= 0 ? undefined : new Date(Date.parse(until) + step * kStep).toISOString();

export const firstStep = (from: string, until: string) => Math.ceil((Date.parse(from) - Date.parse(until)) / kStep);

/** The instant by `steps` later, between the first and the latest. */
export const later = (at: string | undefined, steps: number, from: string, until: string) =>
  instantOf(Math.max(stepOf(at, until) + steps, firstStep(from, until)), until);
