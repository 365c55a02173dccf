import { useEffect, useSyncExternalStore } from 'react';

/** Because of which one may ask whom a pseudonym stands for: an alert, also as part of a case. */
export type Ground = { alert_id: string; title: string; case_id?: string };
export type Offer = { pseudonym: string; grounds: readonly Ground[] };

const kPseudonym = /^(account|card|person|plate)-[0-9a-f]{15}$/;
export const isPseudonym = (text: string) => kPseudonym.test(text);

/** Characters of a reason, as the server takes it here. */
export const kReasonLeast = 10;

/** What the page shows and can be asked for, so that the palette has it too. */
const offers = new Set<Offer>();

export const offered = (): Offer[] => {
  const byPseudonym = new Map([...offers].map((offer) => [offer.pseudonym, offer]));
  return [...byPseudonym.values()].sort((a, b) => a.pseudonym.localeCompare(b.pseudonym));
};

export function useOffer(offer: Offer | undefined) {
  useEffect(() => {
    if (!offer) return;
    offers.add(offer);
    return () => void offers.delete(offer);
  }, [offer]);
}

let asked: Offer | undefined;
const listeners = new Set<() => void>();

/** Opens the question; undefined closes it. */
export function askToUnmask(offer: Offer | undefined) {
  asked = offer;
  listeners.forEach((listener) => listener());
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useAsked = () => useSyncExternalStore(subscribe, () => asked);
