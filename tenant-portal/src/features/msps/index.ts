export { MspsPage } from './components/MspsPage';
export { useMsp, useMsps } from './data/useMsps';
