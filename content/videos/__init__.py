"""竖屏视频: a lesson as a vertical film (decision 0056).

``wrapping`` and ``scenes`` are pure; ``plan`` keeps what editors changed; ``painting`` draws a
scene, ``tools`` and ``segments`` make it move, ``voices`` what is heard; ``rendering`` is the job
whose row is ``VerticalVideo``; ``views`` and ``desk`` are the storyboard at the desk.
"""
