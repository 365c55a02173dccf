import type { Schemas } from '../../lib/api/client';

type Event = Schemas['TimelineEvent'];

type Given = {
  x: number;
  y: number;
  event: Event;
  count: number;
  words: string;
  receivedX: number;
  errorX: number;
  isChosen: boolean;
  isDoubted: boolean;
  hasAlert: boolean;
  onPoint: (on: boolean) => void;
  onPress: () => void;
};

/** Full: it happened. Hollow: planned, estimated or requested. Square: a correction. Crossed: taken back. */
function Outline({ event }: { event: Event }) {
  const hollow = event.classifier !== 'actual';
  if (event.op === 'correct')
    return <rect className={hollow ? 'mark hollow' : 'mark'} x={-5.5} y={-5.5} width={11} height={11} />;
  if (event.op === 'void') return <path className="mark crossed" d="M-5-5 5 5M5-5-5 5" />;
  return <circle className={hollow ? 'mark hollow' : 'mark'} r={6} />;
}

export function Mark(given: Given) {
  const { x, y, event, count } = given;
  return (
    <g
      className={`event ${given.isChosen ? 'chosen' : ''} ${given.hasAlert ? 'alerted' : ''}`}
      transform={`translate(${x} ${y})`}
      onPointerEnter={() => given.onPoint(true)}
      onPointerLeave={() => given.onPoint(false)}
      onClick={given.onPress}
    >
      {given.receivedX - x > 9 && (
        <g className="received">
          <line x1={7} x2={given.receivedX - x} />
          <line x1={given.receivedX - x} x2={given.receivedX - x} y1={-4} y2={4} />
        </g>
      )}
      {given.errorX > 7 && (
        <rect className="error" x={-given.errorX} width={2 * given.errorX} y={-3} height={6} rx={3} />
      )}
      {given.hasAlert && <circle className="ring" r={10.5} />}
      {given.isChosen && <circle className="choice" r={13.5} />}
      {count === 1 ? <Outline event={event} /> : <rect className="mark" x={-10} y={-8} width={20} height={16} rx={8} />}
      {count > 1 && (
        <text className="count" y={4} textAnchor="middle">
          {count}
        </text>
      )}
      {given.isDoubted && (
        <text className="doubt" x={0} y={given.isChosen || given.hasAlert ? -15 : -11} textAnchor="middle">
          ≠
        </text>
      )}
      {given.words && (
        <text className="words" x={given.hasAlert ? 17 : 13} y={given.receivedX - x > 9 ? -6 : 4}>
          {given.words}
        </text>
      )}
      <rect className="reach" x={-13} y={-18} width={26} height={36} />
    </g>
  );
}
