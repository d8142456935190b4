import { z } from 'zod';

/** Any JSON. */
export const jsonSchema = z.json();
