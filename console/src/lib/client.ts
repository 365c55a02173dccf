/** The first that is named counts: browsers name those that they are like as well. */
const kBrowsers: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const kSystems: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

const named = (text: string, among: [RegExp, string][]) => among.find(([sign]) => sign.test(text))?.[1];

/** What a person knows a browser by, of what it said of itself: 'Firefox, Windows'. Of programs their first word. */
export function clientName(said: string): string {
  const browser = named(said, kBrowsers);
  if (!browser) return said.split(/[\s/]/)[0] ?? '';
  const system = named(said, kSystems);
  return system ? `${browser}, ${system}` : browser;
}
