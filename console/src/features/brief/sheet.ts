/** What fits on one sheet of A4: alerts, and lines of each of the parts beside one another. */
export const kShown = 12;
export const kListed = 6;
