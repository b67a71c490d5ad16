# A guest that needs no operating system: the boot sector of its disk. It says BOOT, looks how many
# records are on its disk, says FOUND and their number, and then writes a record about eighteen times
# a second and says ACK and its number once the disk has it. Numbers have eight hexadecimal digits; a
# failed write is said by ERR. Record n is the sector at 64 MiB + n * 16 KiB: "REC!", n, and the low
# byte of n 504 times.
#
# record-guest.hex is what these make of it:
#   as --32 -o guest.o record-guest.s
#   ld -m elf_i386 -Ttext 0x7c00 --oformat binary -o guest.bin guest.o && xxd -p guest.bin
.code16
.globl _start
_start:
  cli
  xor %ax,%ax
  mov %ax,%ds
  mov %ax,%es
  mov %ax,%ss
  mov $0x7c00,%sp
  sti
  cld
  mov %dl,drive
  mov $msg_boot,%si
  call puts
  xor %ebx,%ebx            # record number
scan:
  call lba
  mov $0x42,%ah
  call disk
  jc scanned
  cmpl $0x21434552,0x8000  # REC!
  jne scanned
  cmp %ebx,0x8004
  jne scanned
  inc %ebx
  jmp scan
scanned:
  mov $msg_found,%si
  call line
next:
  mov $0x8000,%di          # fill the sector with the record
  movl $0x21434552,(%di)
  mov %ebx,4(%di)
  add $8,%di
  mov %bl,%al
  mov $504,%cx
  rep stosb
  call lba
  mov $0x4300,%ax
  call disk
  mov $msg_ack,%si
  jnc good
  mov $msg_err,%si
good:
  call line
  jc halt
  inc %ebx
  hlt                      # until the next tick of the clock
  jmp next
halt:
  hlt
  jmp halt
lba:                       # 64 MiB + number * 16 KiB
  mov %ebx,%eax
  shl $5,%eax
  add $0x20000,%eax
  mov %eax,packet+8
  ret
disk:
  mov drive,%dl
  mov $packet,%si
  int $0x13
  ret
line:                      # text at si, number in ebx, newline; keeps carry
  pushf
  call puts
  mov $8,%cx
1: rol $4,%ebx
  mov %bl,%al
  and $15,%al
  add $'0',%al
  cmp $'9',%al
  jbe 2f
  add $39,%al
2: call putc
  loop 1b
  mov $10,%al
  call putc
  popf
  ret
puts:
  lodsb
  test %al,%al
  jz 3f
  call putc
  jmp puts
3: ret
putc:
  push %ax
  mov $0x3fd,%dx
4: in %dx,%al
  test $0x20,%al
  jz 4b
  pop %ax
  mov $0x3f8,%dx
  out %al,%dx
  ret
drive: .byte 0
packet: .byte 16,0
  .word 1
  .word 0x8000,0
  .long 0,0
msg_boot: .asciz "BOOT\n"
msg_found: .asciz "FOUND "
msg_ack: .asciz "ACK "
msg_err: .asciz "ERR "
.org 510
.word 0xaa55
