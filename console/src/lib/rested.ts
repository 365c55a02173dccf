import { useEffect, useState } from 'react';

/** A look-up is recorded with the server: it is asked when typing or moving rests, not at each step. */
const kRest = 200;

export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), kRest);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
