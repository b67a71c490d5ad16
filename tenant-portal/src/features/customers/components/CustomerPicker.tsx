import { Select } from '@/components/ui';
import { useCustomerFilter, useCustomers } from '../data/useCustomers';

const ALL = '';

/** Narrows a page to one customer; nothing to choose, nothing shown. */
export function CustomerPicker() {
  const filter = useCustomerFilter();
  const customers = useCustomers().data?.items ?? [];
  if (!filter.several) return null;
  const options = [
    { value: ALL, label: 'All customers' },
    ...customers.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <Select
      label="Customer"
      value={filter.customerId ?? ALL}
      options={options}
      onChange={(value) => filter.choose(value === ALL ? undefined : value)}
    />
  );
}
