export { RetailInvoicePage } from './components/RetailInvoicePage';
export { WholesaleInvoicePage } from './components/WholesaleInvoicePage';
export { currentPeriod } from './data/period';
export { useCustomerInvoice, useMspInvoice } from './data/useInvoice';
