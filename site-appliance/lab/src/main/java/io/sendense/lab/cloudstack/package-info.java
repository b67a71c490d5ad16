/**
 * A CloudStack management server in a process, for tests and for trying things out: signed calls
 * over HTTP, asynchronous jobs, pages, accounts, domains and projects, with machines that really
 * run on libvirt and QEMU and volumes that are really files. Built from the vendor's public
 * documents, which {@code docs/guides/cloudstack.md} lists per command; never part of the product.
 *
 * <p>Not modelled: XML answers and sessions with a password; system VMs, virtual routers and so
 * real addresses (a network card is QEMU's user network); live migration (a machine is stopped on
 * one host and started on the other); secondary storage as a service of its own (its files lie in a
 * folder); roles beyond admin, domain admin and user; hypervisors other than KVM, and pools other
 * than a folder; UEFI.
 */
@NullMarked
package io.sendense.lab.cloudstack;

import org.jspecify.annotations.NullMarked;
