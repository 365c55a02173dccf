import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import type { Point, Size } from './plan';

/** How large the element is, in pixels. */
export function useSize(box: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [box]);
  return size;
}

/** Further than this a press is a drag and opens nothing. */
const kDragged = 4;

type Hand = { onZoom: (factor: number, at: Point) => void; onPan: (by: Point) => void };

/** The wheel comes closer at the pointer; dragging pans. In pixels of the element. */
export function useHand(box: RefObject<HTMLElement | null>, hand: Hand) {
  const latest = useRef(hand);
  latest.current = hand;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      latest.current.onZoom(1.0015 ** event.deltaY, [event.clientX - left, event.clientY - top]);
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box]);

  const from = useRef<Point | undefined>(undefined);
  const way = useRef(0);
  return {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      from.current = [event.clientX, event.clientY];
      way.current = 0;
    },
    onPointerMove: (event: PointerEvent) => {
      if (!from.current || event.buttons === 0) return;
      const by: Point = [from.current[0] - event.clientX, from.current[1] - event.clientY];
      from.current = [event.clientX, event.clientY];
      way.current += Math.hypot(...by);
      latest.current.onPan(by);
    },
    onPointerUp: () => {
      from.current = undefined;
    },
    onClickCapture: (event: { stopPropagation: () => void }) => {
      if (way.current > kDragged) event.stopPropagation();
    },
  };
}
