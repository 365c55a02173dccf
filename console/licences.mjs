// Puts the licence texts of what the bundle holds beside it: dist/licences.txt.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const texts = Object.entries(packages)
  .filter(([path, { dev, devOptional }]) => path && !dev && !devOptional && existsSync(path))
  .map(([path, { version, license }]) => {
    const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(`${path}/${file}`, 'utf8') : license;
    return `${path.replace('node_modules/', '')} ${version} (${license})\n\n${text.trim()}\n`;
  });
writeFileSync('dist/licences.txt', texts.join(`\n${'-'.repeat(72)}\n\n`));
