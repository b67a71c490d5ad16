export { CustomerPicker } from './components/CustomerPicker';
export { useCustomerFilter, useCustomers, type CustomerFilter } from './data/useCustomers';
