export { BASE_PATH, createApi, dataOf, type Api, type TokenSource } from './client';
export { ApiContext, useApi } from './context';
export { PAGE_SIZE, readAll, type Listing } from './pages';
export { ApiProblem, problemOf, unreachable } from './problem';
export type * from './types';
