/** A figure whose p against shuffled labels is above this is not told from chance. */
export const CHANCE = 0.05;
