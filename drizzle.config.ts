import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'sqlite',
  schema: './registry/storage/schema.ts',
  out: './registry/storage/migrations',
});
