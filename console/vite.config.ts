import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npx vite` beside a running `quaywatch serve`: the interface is asked of that program.
const server = process.env.QUAYWATCH_SERVER ?? 'http://127.0.0.1:8420';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', assetsInlineLimit: 0, reportCompressedSize: false },
  // Texts of rules lie beside the console, in data/texts.
  server: { proxy: { '/api': server }, fs: { allow: ['..'] } },
});
