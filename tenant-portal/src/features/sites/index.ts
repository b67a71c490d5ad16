export { SitesPage } from './components/SitesPage';
export { useSiteNames, useSites } from './data/useSites';
