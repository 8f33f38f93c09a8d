"""What a patient would call the place of each region, by its key among the words for patients."""

PLAIN_PLACES: dict[str, str] = {
    **dict.fromkeys(("trapezius-descending",), "upper-shoulder"),
    **dict.fromkeys(("levator-scapulae", "scalenus-medius", "scalenus-posterior"), "side-neck"),
    **dict.fromkeys(
        (
            *("splenius-capitis", "splenius-cervicis", "semispinalis-capitis", "semispinalis-cervicis"),
            *("longissimus-capitis", "longissimus-cervicis", "iliocostalis-cervicis", "multifidus-cervicis"),
        ),
        "back-neck",
    ),
    **dict.fromkeys(
        (
            *("rectus-capitis-posterior-major", "rectus-capitis-posterior-minor"),
            *("obliquus-capitis-superior", "obliquus-capitis-inferior"),
        ),
        "top-neck",
    ),
    **dict.fromkeys(
        ("sternocleidomastoid", "scalenus-anterior", "longus-colli", "longus-capitis", "digastric", "omohyoid"),
        "front-neck",
    ),
    **dict.fromkeys(
        ("supraspinatus", "infraspinatus", "teres-minor", "teres-major", "subscapularis"), "shoulder-blade"
    ),
    "deltoid-clavicular": "front-shoulder",
    "deltoid-acromial": "outer-shoulder",
    "deltoid-spinal": "back-shoulder",
    **dict.fromkeys(
        (
            *("trapezius-transverse", "rhomboid-major", "rhomboid-minor", "serratus-posterior-superior"),
            *("semispinalis-thoracis", "longissimus-thoracis", "iliocostalis-thoracis", "spinalis-thoracis"),
            *("multifidus-thoracis", "rotatores"),
        ),
        "upper-back",
    ),
    "trapezius-ascending": "middle-back",
    "latissimus-dorsi": "wide-back",
    **dict.fromkeys(
        ("serratus-posterior-inferior", "quadratus-lumborum", "iliocostalis-lumborum", "multifidus-lumborum"),
        "lower-back",
    ),
    **dict.fromkeys(("psoas-major", "iliacus"), "inner-hip"),
    **dict.fromkeys(("gluteus-medius", "gluteus-minimus", "tensor-fasciae-latae"), "side-hip"),
    **dict.fromkeys(
        (
            *("gluteus-maximus", "piriformis", "obturator-internus"),
            *("superior-gemellus", "inferior-gemellus", "quadratus-femoris"),
        ),
        "buttock",
    ),
    **dict.fromkeys(
        (
            *("pectoralis-major-clavicular", "pectoralis-major-sternocostal", "pectoralis-major-abdominal"),
            *("pectoralis-minor", "subclavius"),
        ),
        "chest",
    ),
    "serratus-anterior": "side-ribs",
    **dict.fromkeys(("external-oblique", "internal-oblique", "transversus-abdominis"), "side-belly"),
    "rectus-abdominis": "front-belly",
    "frontalis": "forehead",
    "occipitalis": "back-head",
    "masseter": "jaw",
    "temporalis": "temple",
    **dict.fromkeys(("coracobrachialis", "biceps-brachii", "brachialis"), "front-arm"),
    "triceps-brachii": "back-arm",
}
