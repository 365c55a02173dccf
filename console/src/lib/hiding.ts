import { useEffect, useRef } from 'react';

/** What must not stay on a screen is hidden after `ms`, and when the page is no longer looked at. */
export function useHiding(isShown: boolean, ms: number, hide: () => void) {
  const latest = useRef(hide);
  latest.current = hide;
  useEffect(() => {
    if (!isShown) return;
    const onVisibility = () => document.hidden && latest.current();
    const timer = setTimeout(() => latest.current(), ms);
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [isShown, ms]);
}
