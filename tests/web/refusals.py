"""What the product does not do: these words stand on no page of it."""

REFUSED_WORDS = ("积分", "排名", "打卡", "连续", "签到", "在线时长")
