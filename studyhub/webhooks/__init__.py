"""事件通知: what happens to lessons and deliveries is told to other systems, signed and again."""
